package io.syncline.api;

import java.util.Map;

/**
 * A request that the gate has let in; routes find it in the variable {@code call}.
 *
 * @param parameters the path's parameters, decoded
 * @param body       as it was sent; empty when there was none
 */
record Call(String requestId, Caller caller, Map<String, String> parameters, byte[] body) {
    /** The request attribute and the Camel variable it travels in. */
    static final String NAME = "call";

    String parameter(String name) {
        return parameters.get(name);
    }
}
