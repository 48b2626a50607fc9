package io.syncline.source;

import java.io.IOException;
import java.util.List;

/** A system that is asked once: whoever asks decides what becomes of a failure. */
interface Once {
    HttpAnswer once(Read read, HttpRequest request) throws IOException;

    /** What must not be repeated, should the system repeat what it was sent (promise 28); null where that cannot be known just now. */
    List<String> secrets(Read read);
}
