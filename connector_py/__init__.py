"""The connector: entities, call model, API and link, written for the browser's Python too."""
