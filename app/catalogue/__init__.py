"""What there is: roots, assets, versions, files, and bringing the record up to date."""
