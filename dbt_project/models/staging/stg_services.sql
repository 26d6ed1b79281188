{{ staged('services') }}
