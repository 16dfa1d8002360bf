"""The connector inside a page: the border to JavaScript."""
