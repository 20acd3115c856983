"""From an EventBridge event to a `FunctionChange`, whichever of the sources it came from."""
