{{ staged('accused') }}
