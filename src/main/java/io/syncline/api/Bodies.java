package io.syncline.api;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Reads what a request carries: JSON in UTF-8 and nothing else, so that no form of another site's page is ever taken, and never more than the limit. */
final class Bodies {
    private static final String UNSUPPORTED = "unsupported-media-type";

    private final int limit;
    private final Duration patience;

    /** @param patience how long a body may take to come as a whole: whoever sends it byte by byte keeps a thread from others */
    Bodies(long limit, Duration patience) {
        this.limit = Math.toIntExact(limit);
        this.patience = patience;
    }

    /** Empty when there is none. */
    byte[] read(HttpServletRequest request) {
        if (!isJson(request.getContentType())) {
            throw new Refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED, "Bodies are JSON in UTF-8. Send Content-Type: application/json.");
        }
        if (request.getHeader("Content-Encoding") != null) {
            throw new Refused(HttpStatus.UNSUPPORTED_MEDIA_TYPE, UNSUPPORTED, "Bodies are not unpacked here. Send the JSON without Content-Encoding.");
        }
        if (request.getContentLengthLong() > limit) {
            throw tooLarge();
        }
        try {
            return read(request.getInputStream());
        } catch (IOException e) {
            throw new Refused(HttpStatus.BAD_REQUEST, "broken-body", "The body ended before it was complete. Send it again.");
        }
    }

    private byte[] read(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] part = new byte[8 << 10];
        long began = System.nanoTime();
        for (int length = in.read(part); length >= 0; length = in.read(part)) {
            body.write(part, 0, length);
            if (body.size() > limit) {
                throw tooLarge();
            }
            if (System.nanoTime() - began > patience.toNanos()) {
                throw new Refused(HttpStatus.REQUEST_TIMEOUT, "body-too-slow",
                        "The body was not there as a whole within " + patience.toSeconds() + " s. Send less at a time, or over a faster line.");
            }
        }
        return body.toByteArray();
    }

    private Refused tooLarge() {
        return new Refused(HttpStatus.PAYLOAD_TOO_LARGE, "body-too-large",
                "The body is larger than " + limit + " bytes, the most that is taken. Send less at a time.");
    }

    private static boolean isJson(String contentType) {
        if (contentType == null) {
            return true;
        }
        try {
            MediaType type = MediaType.parseMediaType(contentType);
            return type.equalsTypeAndSubtype(MediaType.APPLICATION_JSON) && (type.getCharset() == null || type.getCharset().equals(StandardCharsets.UTF_8));
        } catch (InvalidMediaTypeException e) {
            return false;
        }
    }
}
