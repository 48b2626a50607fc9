package io.syncline.store;

import io.syncline.change.Stored;

/** A live row that a whole read of its source did not see. */
public record AbsentRow(String key, Stored stored) {
}
