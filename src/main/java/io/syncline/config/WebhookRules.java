package io.syncline.config;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What the schema cannot say about webhooks: whether a message could be checked, be told whose it is, and lead to a record. */
final class WebhookRules {
    private static final int SHORTEST = 16;

    private final Yaml webhook;
    private final Yaml resources;
    private final Mistakes mistakes;

    WebhookRules(Yaml system, Mistakes mistakes) {
        this.webhook = system.get("webhook");
        this.resources = system.get("source").get("resources");
        this.mistakes = mistakes;
    }

    /** @param settings null where they are not to be checked */
    void check(Settings settings, Set<String> organisations) {
        if (!webhook.is(Yaml.Kind.MAP)) {
            return;
        }
        if (!isStandard() && !webhook.has("signatureHeader")) {
            mistakes.add(webhook, "does not say where the signature stands.", "Write signatureHeader: with the header that the system's documentation names.");
        }
        if (webhook.has("entity") == webhook.has("entityHeader")) {
            mistakes.add(webhook, "does not say where a message tells what it is about, or says it twice.", "Write either entity: or entityHeader:.");
        }
        webhook.get("names").members().values().forEach(this::readable);
        if (settings != null) {
            secrets(settings, organisations);
        }
    }

    private boolean isStandard() {
        return !webhook.has("scheme") || webhook.get("scheme").text().equals("standard-webhooks");
    }

    private void readable(Yaml name) {
        if (!resources.has(name.text())) {
            mistakes.unknown(name, "a resource of this system", resources.members().keySet());
        } else if (resources.get(name.text()).has("path") && !resources.get(name.text()).has("byId")) {
            mistakes.add(name, "a record of it could not be read when a message tells of it.", "Write byId: /…/{id} in the resource.");
        }
    }

    /** Promise 29: the secret is what tells whose a message is. Promise 28: what is wrong with it is said, not what it is. */
    private void secrets(Settings settings, Set<String> organisations) {
        Map<String, String> owners = new HashMap<>();
        for (String organisation : organisations) {
            for (String name : new String[] {"secret", "previousSecret"}) {
                Yaml at = webhook.get(name);
                String secret = at.is(Yaml.Kind.TEXT) ? SystemBuilder.filled(at, settings.of(organisation)) : "";
                if (!secret.isEmpty()) {
                    usable(at, secret);
                    if (!owners.merge(secret, organisation, (first, second) -> first).equals(organisation)) {
                        mistakes.add(at, "the organisations " + Mistakes.quoted(owners.get(secret)) + " and " + Mistakes.quoted(organisation)
                                + " have the same, so that nobody could tell whose a message is.", "Give each its own.");
                    }
                }
            }
        }
    }

    private void usable(Yaml at, String secret) {
        if (isStandard()) {
            try {
                if (Base64.getDecoder().decode(secret.replaceFirst("^whsec_", "")).length < SHORTEST) {
                    tooShort(at);
                }
            } catch (IllegalArgumentException e) {
                mistakes.add(at, "its setting is not a secret of Standard Webhooks.", "Set it to whsec_ and base64, as the system shows it.");
            }
        } else if (secret.length() < SHORTEST) {
            tooShort(at);
        }
    }

    private void tooShort(Yaml at) {
        mistakes.add(at, "its setting is too short to keep anybody out.", "Set it to " + SHORTEST + " bytes or more, chosen at random.");
    }
}
