package io.syncline.access;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;

/** The identity provider's public keys (JWKS), from its address or a file. Redirects are not followed, answers are bounded in time and size. */
final class ProviderKeys implements JWKSetSource<SecurityContext> {
    private static final int LARGEST = 512 << 10;

    private final String place;
    private final Duration timeout;

    ProviderKeys(String place, Duration timeout) {
        this.place = place;
        this.timeout = timeout;
    }

    static boolean isAddress(String place) {
        return place.matches("(?i)https?://.*");
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator evaluator, long now, SecurityContext context) throws KeySourceException {
        try {
            return JWKSet.parse(isAddress(place) ? fetched() : Files.readString(Path.of(place)));
        } catch (IOException | ParseException e) {
            throw new KeySourceException("no keys at " + place + ": " + e.getMessage(), e);
        }
    }

    private String fetched() throws IOException {
        int millis = Math.toIntExact(timeout.toMillis());
        return new DefaultResourceRetriever(millis, millis, LARGEST) {
            @Override
            protected HttpURLConnection openHTTPConnection(URL url) throws IOException {
                HttpURLConnection connection = super.openHTTPConnection(url);
                connection.setInstanceFollowRedirects(false);
                return connection;
            }
        }.retrieveResource(URI.create(place).toURL()).getContent();
    }

    @Override
    public void close() {
        // Nothing is held open between two reads.
    }
}
