"""Golden runs: numbers fixed for a version of the model, changed only on purpose (`make golden`)."""
