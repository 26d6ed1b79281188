select
    {{ person_case_key() }} as fact_key,
    min(person_token) as person_token,
    min(case_token) as case_token,
    {{ first_known('sex_code') }} as sex_code,
    {{ first_known('citizenship_code') }} as citizenship_code,
    {{ first_known('governorate_code') }} as governorate_code,
    {{ first_known('exploitation_codes') }} as exploitation_codes,
    {{ first_known('act_codes') }} as act_codes,
    {{ first_known('means_codes') }} as means_codes,
    {{ first_known('driver_codes') }} as driver_codes,
    {{ first_known('detected_by_code') }} as detected_by_code,
    {{ first_known('referred_to_code') }} as referred_to_code,
    {{ first_known('charge_law_codes') }} as charge_law_codes,
    coalesce(
        {{ at_earliest('contact_date', 'presumed_by_code') }},
        {{ first_known('presumed_by_code') }}
    ) as presumed_by_code,
    {{ at_earliest('identified_date', 'identified_by_code') }} as identified_by_code,
    min(contact_date) as contact_date,
    min(identified_date) as identified_date,
    {{ year_of('coalesce(min(contact_date), min(identified_date))') }} as contact_year,
    {{ year_of('min(identified_date)') }} as identified_year,
    {{ first_present('age_years') }} as age_years,
    {{ first_present('birth_year') }} as birth_year,
    {{ first_known('age_group_code') }} as age_group_code,
    cast(count(distinct source) as integer) as sources_count,
    cast(count(*) as integer) as records_count,
    {{ joined_text('record_key') }} as record_keys
from {{ ref('stg_victims') }}
group by {{ person_case_key() }}
