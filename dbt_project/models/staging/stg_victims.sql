{{ staged('victims') }}
