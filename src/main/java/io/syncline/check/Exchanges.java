package io.syncline.check;

import io.syncline.config.SystemCase;
import io.syncline.config.SystemConfig;

/** How a system of kind http is asked and its answers understood, without a network: through the very code that a run goes through. */
public interface Exchanges {
    /** The request that goes out. */
    Request request(SystemConfig system, SystemCase.Ask ask, String resource);

    /** @throws io.syncline.source.SourceFailure when the answer to that request is none */
    Understood understand(SystemConfig system, SystemCase.Ask ask, String resource, SystemCase.Answer answer);

    /**
     * @param line method and address from the first slash of its path, e.g. {@code GET /v1/materials?page=2}
     * @param body as JSON, or null
     */
    record Request(String line, String body) {
    }

    /** @param records how many the answer holds */
    record Understood(int records, boolean last) {
    }
}
