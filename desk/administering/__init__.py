"""The administrator's pages: accounts, second factors and sessions; the people of the house; its log."""
