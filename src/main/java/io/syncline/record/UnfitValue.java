package io.syncline.record;

/** A value that its field cannot hold; the message continues the sentence "price: "abc" …". */
final class UnfitValue extends RuntimeException {
    UnfitValue(String message) {
        super(message, null, false, false);
    }
}
