{{ staged('activities') }}
