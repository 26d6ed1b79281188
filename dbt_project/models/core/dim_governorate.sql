select
    governorates.code as governorate_code,
    governorates.area_code,
    governorates.region_code,
    regions.country_code,
    governorates.code <> '_U' as is_known
from {{ ref('governorate') }} as governorates
inner join {{ ref('region') }} as regions
    on governorates.region_code = regions.code
