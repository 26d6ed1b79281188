"""An invented country: the truth, and the exports its ministries would send. Imported by `marsad` and tests only."""
