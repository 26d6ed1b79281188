{{ staged('residence_measures') }}
