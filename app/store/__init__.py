"""The database: tables, engine, migrations, people and the change feed."""
