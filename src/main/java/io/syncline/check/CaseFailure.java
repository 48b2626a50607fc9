package io.syncline.check;

/** A case that does not show what it says; the message is a clause that says why. */
final class CaseFailure extends Exception {
    CaseFailure(String message) {
        super(message);
    }
}
