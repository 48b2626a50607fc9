package io.syncline.audit;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where anchors go. Without a place there are none, and nothing but this database says that a chain was not made anew.
 *
 * @param file           a file that only grows, outside the database, or null
 * @param url            an address that each line is posted to, or null
 * @param secret         what posts are signed with (Standard Webhooks); from the environment, or null
 * @param privateNetwork whether the address may stand in a private network
 * @param every          how long after one the next is due
 * @param retry          how long the first attempt after a failed one waits; each one after it waits twice as long, up to an hour
 * @param timeout        how long the address may take to answer
 * @param look           when to look whether one is due; the route's clock reads it
 */
@ConfigurationProperties(prefix = "syncline.anchor", ignoreUnknownFields = false)
record AnchorSettings(Path file, String url, String secret, @DefaultValue("false") boolean privateNetwork, @DefaultValue("24h") Duration every,
                      @DefaultValue("1m") Duration retry, @DefaultValue("30s") Duration timeout, String look) {
    AnchorSettings {
        url = url == null || url.isBlank() ? null : url.strip();
        secret = secret == null || secret.isBlank() ? null : secret.strip();
        file = file == null || file.toString().isBlank() ? null : file;
    }
}
