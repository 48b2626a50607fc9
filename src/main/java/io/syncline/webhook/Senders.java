package io.syncline.webhook;

import io.syncline.config.Configuration;
import io.syncline.config.Connection;
import io.syncline.config.Connections;
import io.syncline.config.SyncConfig;
import io.syncline.config.SystemConfig;
import io.syncline.config.WebhookConfig;
import org.springframework.stereotype.Component;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Who may tell something: the organisations that read a system, each known by its own secret. */
@Component
class Senders {
    private final Map<String, List<Sender>> bySystem = new LinkedHashMap<>();

    private record Sender(String organisation, List<String> secrets) {
    }

    Senders(Configuration configuration, Connections connections) {
        for (SystemConfig system : configuration.systems().values()) {
            List<Sender> senders = new ArrayList<>();
            if (system.webhook() != null) {
                TreeSet<String> organisations = new TreeSet<>();
                configuration.syncs().values().stream().filter(sync -> sync.system().equals(system.name())).map(SyncConfig::organisations)
                        .forEach(organisations::addAll);
                organisations.forEach(each -> senders.add(new Sender(each, secrets(connections.of(each, system.name()), system.webhook()))));
            }
            senders.removeIf(sender -> sender.secrets().isEmpty());
            bySystem.put(system.name(), List.copyOf(senders));
        }
    }

    private static List<String> secrets(Connection connection, WebhookConfig webhook) {
        List<String> secrets = new ArrayList<>();
        secrets.add(connection.fill(webhook.secret()));
        secrets.add(webhook.previousSecret() == null ? "" : connection.fill(webhook.previousSecret()));
        secrets.removeIf(String::isEmpty);
        return List.copyOf(secrets);
    }

    /** Whether anybody at all may tell something of the system. */
    boolean known(String system) {
        return !bySystem.getOrDefault(system, List.of()).isEmpty();
    }

    /** Whether the organisation may tell something of the system: it has a secret for it. */
    boolean known(String system, String organisation) {
        return bySystem.getOrDefault(system, List.of()).stream().anyMatch(sender -> sender.organisation().equals(organisation));
    }

    /** The organisation whose secret signed the message. Every secret is tried, whichever fits. */
    Optional<String> organisation(String system, WebhookConfig webhook, Map<String, String> headers, byte[] body, Instant now) {
        Signature signature = new Signature(webhook);
        Optional<String> found = Optional.empty();
        for (Sender sender : bySystem.getOrDefault(system, List.of())) {
            for (String secret : sender.secrets()) {
                if (signature.isGood(secret, headers, body, now)) {
                    found = Optional.of(sender.organisation());
                }
            }
        }
        return found;
    }
}
