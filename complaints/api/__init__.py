"""REST doors of the app: ``complaints`` the rows and their acts, ``shapes`` bodies and answers."""
