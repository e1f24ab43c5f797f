"""The attention page, the requests and the charts."""
