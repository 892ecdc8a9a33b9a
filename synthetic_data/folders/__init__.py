"""folders: banks of any size as folders of Parquet partitions: made, resumed, verified, read and exported."""
