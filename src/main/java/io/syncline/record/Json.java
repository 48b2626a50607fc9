package io.syncline.record;

/** A nested value in canonical form; a type of its own so that it is never taken for text. */
public record Json(String canonical) {
    @Override
    public String toString() {
        return canonical;
    }
}
