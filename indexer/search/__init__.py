"""The Whoosh index: a cache of the record that answers words with ranked pages."""
