{{ staged('counts') }}
