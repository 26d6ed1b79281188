with

-- A number of its own stands for the long key of a fact in all that follows. Whom no authority met was first met by the
-- body that took the person on (decision 41).
facts as (
    select
        {{ person_case_key() }} as fact_key,
        min(record_order) as fact_number,
        coalesce(min(contact_date), min(identified_date), min(registered_date)) as first_date
    from (
        select
            records.record_key,
            records.record_order,
            records.person_token,
            records.contact_date,
            records.identified_date,
            records.registered_date,
            {{ case_columns() }}
        from {{ ref('stg_victims') }} as records
        left join {{ ref('_fct_victim_blank_case') }} as blanks
            on records.record_key = blanks.record_key
    ) as placed
    group by {{ person_case_key() }}
),

placed as (
    select
        records.record_key,
        records.record_order,
        records.source,
        records.person_token,
        records.sex_code,
        records.citizenship_code,
        records.governorate_code,
        records.exploitation_codes,
        records.act_codes,
        records.means_codes,
        records.driver_codes,
        records.detected_by_code,
        records.referred_to_code,
        records.charge_law_codes,
        records.presumed_by_code,
        records.identified_by_code,
        records.contact_date,
        records.registered_date,
        records.identified_date,
        records.age_years,
        records.birth_year,
        records.age_group_code,
        records.return_asked_date,
        records.returned_date,
        records.repatriated_date,
        records.has_charge_dropped,
        records.has_compensation_award,
        records.has_compensation_paid,
        {{ case_columns() }}
    from {{ ref('stg_victims') }} as records
    left join {{ ref('_fct_victim_blank_case') }} as blanks
        on records.record_key = blanks.record_key
),

sources as (
    {{ numbered_sources(ref('stg_victims')) }}
),

charges as (
    {{ numbered_codes(ref('stg_victims'), 'charge_law_codes') }}
),

charge_lists as (
    {{ bits_of_lists(ref('stg_victims'), 'charge_law_codes', 'charges') }}
),

-- An age is that of the day on which the body wrote: of the decision, if there is one.
records as (
    select
        facts.fact_number,
        placed.record_order,
        placed.person_token,
        placed.placed_case_token,
        placed.is_case_unresolved,
        placed.sex_code,
        placed.citizenship_code,
        placed.governorate_code,
        placed.exploitation_codes,
        placed.act_codes,
        placed.means_codes,
        placed.driver_codes,
        placed.detected_by_code,
        placed.referred_to_code,
        charge_lists.code_bits as charge_bits,
        placed.presumed_by_code,
        placed.identified_by_code,
        placed.contact_date,
        placed.identified_date,
        placed.return_asked_date,
        placed.returned_date,
        placed.repatriated_date,
        placed.has_charge_dropped,
        placed.has_compensation_award,
        placed.has_compensation_paid,
        sources.source_word,
        sources.source_bit,
        {{ age_columns(
            'facts.first_date',
            'coalesce(placed.identified_date, placed.contact_date, placed.registered_date)',
            'placed.'
        ) }}
    from placed
    inner join facts
        on {{ person_case_key('placed.') }} = facts.fact_key
    left join sources
        on placed.source = sources.source
    left join charge_lists
        on placed.charge_law_codes = charge_lists.charge_law_codes
),

profiles as (
    select
        fact_number,
        min(person_token) as person_token,
        min(placed_case_token) as case_token,
        bool_or(is_case_unresolved) as is_case_unresolved,
        {{ first_known('sex_code') }} as sex_code,
        {{ first_known('citizenship_code') }} as citizenship_code,
        {{ first_known('governorate_code') }} as governorate_code,
        {{ first_known('exploitation_codes') }} as exploitation_codes,
        {{ first_known('act_codes') }} as act_codes,
        {{ first_known('means_codes') }} as means_codes,
        {{ first_known('driver_codes') }} as driver_codes,
        {{ first_known('detected_by_code') }} as detected_by_code,
        {{ first_known('referred_to_code') }} as referred_to_code,
        bit_or(charge_bits) as charge_bits,
        coalesce(
            {{ at_earliest('contact_date', 'presumed_by_code') }},
            {{ first_known('presumed_by_code') }}
        ) as presumed_by_code,
        {{ at_earliest('identified_date', 'identified_by_code') }} as identified_by_code,
        min(contact_date) as contact_date,
        min(identified_date) as identified_date,
        {{ year_of('coalesce(min(contact_date), min(identified_date))') }} as contact_year,
        {{ year_of('min(identified_date)') }} as identified_year,
        min(return_asked_date) as return_asked_date,
        min(returned_date) as returned_date,
        min(repatriated_date) as repatriated_date,
        {{ yes_no(first_known('has_charge_dropped')) }} as has_charge_dropped,
        {{ yes_no(first_known('has_compensation_award')) }} as has_compensation_award,
        {{ yes_no(first_known('has_compensation_paid')) }} as has_compensation_paid,
        {{ nearest_age() }},
        {{ count_sources() }} as sources_count,
        cast(count(*) as integer) as records_count
    from records
    group by fact_number
),

charged as (
    {{ lists_of_bits('profiles', 'charge_bits', 'charges') }}
)

select
    facts.fact_key,
    profiles.person_token,
    profiles.case_token,
    profiles.is_case_unresolved,
    profiles.sex_code,
    profiles.citizenship_code,
    profiles.governorate_code,
    profiles.exploitation_codes,
    profiles.act_codes,
    profiles.means_codes,
    profiles.driver_codes,
    profiles.detected_by_code,
    profiles.referred_to_code,
    charged.codes as charge_law_codes,
    profiles.presumed_by_code,
    profiles.identified_by_code,
    profiles.contact_date,
    profiles.identified_date,
    profiles.contact_year,
    profiles.identified_year,
    profiles.youngest_age,
    profiles.oldest_age,
    profiles.age_basis,
    profiles.return_asked_date,
    profiles.returned_date,
    profiles.repatriated_date,
    profiles.has_charge_dropped,
    profiles.has_compensation_award,
    profiles.has_compensation_paid,
    profiles.sources_count,
    profiles.records_count
from profiles
inner join facts
    on profiles.fact_number = facts.fact_number
left join charged
    on profiles.charge_bits = charged.charge_bits
