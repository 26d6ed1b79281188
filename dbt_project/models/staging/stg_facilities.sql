{{ staged('facilities') }}
