package io.syncline.webhook;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.time.Duration;

/**
 * What an operator may set of webhooks.
 *
 * @param look when it is looked whether messages wait, as a cron expression
 * @param keep how long messages are kept; those that come again meanwhile are known
 */
@ConfigurationProperties(prefix = "syncline.webhooks", ignoreUnknownFields = false)
record WebhookSettings(@DefaultValue("* * * * * ?") String look, @DefaultValue("30d") Duration keep) {
    private static final Duration SHORTEST = Duration.ofDays(7);

    WebhookSettings {
        if (keep.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("syncline.webhooks.keep is shorter than 7d: a message that comes again after that would not be known. "
                    + "Write 7d or more.");
        }
    }
}
