"""Pages of the app, one module per room: lists, detail, acts, intake, statistics, public."""
