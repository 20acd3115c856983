"""The sensor-watch: takes in what the sensor says in functions' logs."""
