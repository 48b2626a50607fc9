package io.syncline.config;

import java.util.List;
import java.util.Map;

/**
 * How a system tells that a record changed.
 *
 * @param secret          with placeholders, as written; where an organisation's is empty, none of its messages are taken
 * @param previousSecret  likewise; null where there is none
 * @param prefix          what stands before the signature in its header
 * @param idHeader        null where messages have no id
 * @param timestampHeader null where they have no time
 * @param entity          the way to what it is about, in the body; null where a header says it
 * @param entityHeader    null where the body says it
 * @param names           the resources behind the words that messages use
 * @param key             the way to the record's key, in the body
 */
public record WebhookConfig(Scheme scheme, String secret, String previousSecret, String signatureHeader, String prefix, String idHeader,
                            String timestampHeader, List<String> entity, String entityHeader, Map<String, String> names, List<String> key) {
    /** How messages are signed. */
    public enum Scheme {
        STANDARD_WEBHOOKS, HMAC_SHA256_HEX, HMAC_SHA256_BASE64
    }

    static WebhookConfig build(Yaml webhook) {
        if (!webhook.is(Yaml.Kind.MAP)) {
            return null;
        }
        Scheme scheme = SystemBuilder.constant(Scheme.class, webhook.get("scheme"));
        boolean standard = scheme == Scheme.STANDARD_WEBHOOKS;
        return new WebhookConfig(scheme, webhook.get("secret").text(), webhook.get("previousSecret").textOrNull(),
                header(webhook, "signatureHeader", standard ? "webhook-signature" : null), webhook.get("prefix").text(),
                header(webhook, "idHeader", standard ? "webhook-id" : null), header(webhook, "timestampHeader", standard ? "webhook-timestamp" : null),
                SystemBuilder.wayOrNull(webhook.get("entity")), webhook.get("entityHeader").textOrNull(), SystemBuilder.texts(webhook.get("names")),
                SystemBuilder.way(webhook.get("key")));
    }

    private static String header(Yaml webhook, String name, String usual) {
        return webhook.has(name) ? webhook.get(name).text() : usual;
    }
}
