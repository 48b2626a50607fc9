package io.syncline.api;

import io.syncline.access.Caller;

import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A request that the gate has let in; routes find it in the variable {@code call}.
 *
 * @param operation  the contract's name of what is asked for
 * @param parameters the path's and the query's parameters, decoded
 * @param headers    those that the contract declares for the operation, where they were sent; by their names, whatever their case
 * @param body       as it was sent; empty when there was none
 * @param secure     whether it came by https, here or at the proxy in front
 * @param admission  whether the gate would let the same caller in now
 */
record Call(String requestId, Caller caller, String operation, Map<String, String> parameters, Map<String, String> headers, byte[] body, boolean secure,
            BooleanSupplier admission) {
    /** The request attribute and the Camel variable it travels in. */
    static final String NAME = "call";

    /** Null when it was not sent. */
    String parameter(String name) {
        return parameters.get(name);
    }

    /** For answers that go on for long: what let the caller in may have been revoked meanwhile. */
    boolean isStillAdmitted() {
        return admission.getAsBoolean();
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }
}
