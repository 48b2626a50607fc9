package io.syncline.parquet;

/** In the place of a value that cannot be told exactly: why. */
record Unfit(String why) {
}
