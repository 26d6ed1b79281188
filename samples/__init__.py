"""An invented country: the truth, and the exports its ministries would send. Imported only by `marsad` and tests."""
