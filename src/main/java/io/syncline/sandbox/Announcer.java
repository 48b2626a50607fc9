package io.syncline.sandbox;

import com.fasterxml.jackson.databind.node.ObjectNode;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Tells an address of every change, signed as standardwebhooks.com says, one after the other; what is not answered 2xx is told twice more. */
final class Announcer implements AutoCloseable {
    private static final int ATTEMPTS = 3;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread daemon = new Thread(task, "sandbox-webhooks");
        daemon.setDaemon(true);
        return daemon;
    });
    private volatile Listener listener;

    private record Listener(URI url, byte[] secret) {
    }

    /** @param secret of Standard Webhooks, with or without {@code whsec_} */
    void listener(String url, String secret) {
        listener = new Listener(URI.create(url), Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")));
    }

    void nobody() {
        listener = null;
    }

    void tell(Mutation.Kind kind, Entity entity, long id, Instant at) {
        Listener told = listener;
        if (told != null) {
            ObjectNode body = JsonText.object().put("type", entity.path() + "." + kind.name().toLowerCase(Locale.ROOT))
                    .put("timestamp", SandboxClock.text(at));
            body.putObject("data").put("entity", entity.path()).put("id", id);
            String delivery = "msg_" + UUID.randomUUID();
            thread.execute(() -> send(told, delivery, JsonText.bytes(body)));
        }
    }

    private void send(Listener told, String delivery, byte[] body) {
        boolean taken = false;
        for (int attempt = 0; attempt < ATTEMPTS && !taken && listener == told; attempt++) {
            try {
                String time = Long.toString(Instant.now().getEpochSecond());
                HttpRequest request = HttpRequest.newBuilder(told.url()).timeout(Duration.ofSeconds(10)).header("Content-Type", "application/json")
                        .header("webhook-id", delivery).header("webhook-timestamp", time)
                        .header("webhook-signature", "v1," + signature(told, delivery, time, body))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
                taken = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() / 100 == 2;
            } catch (IOException e) {
                System.getLogger(Announcer.class.getName()).log(System.Logger.Level.DEBUG, "nobody heard {0}: {1}", delivery, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static String signature(Listener told, String delivery, String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(told.secret(), "HmacSHA256"));
            mac.update((delivery + "." + time + ".").getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        listener = null;
        thread.shutdownNow();
    }
}
