package io.syncline.access;

/** The keys of the identity provider cannot be had just now, so its tokens can be neither trusted nor refused. */
public final class ProviderUnreachable extends RuntimeException {
    ProviderUnreachable(Throwable cause) {
        super("the keys of the identity provider cannot be read: " + cause.getMessage(), cause);
    }
}
