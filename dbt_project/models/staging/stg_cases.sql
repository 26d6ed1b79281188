{{ staged('cases') }}
