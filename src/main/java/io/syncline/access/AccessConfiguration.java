package io.syncline.access;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import java.nio.file.Files;
import java.nio.file.Path;

/** Puts together who comes in. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
class AccessConfiguration {

    @Bean
    Keys keys(JdbcClient database, PlatformTransactionManager transactions) {
        return new Keys(database, new TransactionTemplate(transactions));
    }

    @Bean
    Sessions sessions(JdbcClient database, AccessSettings settings) {
        return new Sessions(database, settings.session());
    }

    @Bean
    Links links(JdbcClient database, AccessSettings settings) {
        return new Links(database, settings.link());
    }

    @Bean
    Callers callers(Keys keys, Sessions sessions, AccessSettings settings, PlatformTransactionManager transactions) {
        return new Callers(keys, sessions, tokens(settings.jwt()), transactions);
    }

    @Bean
    Rates rates(AccessSettings settings) {
        return new Rates(settings.rate(), System::nanoTime);
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    FirstKey firstKey(Keys keys, PlatformTransactionManager transactions, Environment environment) {
        return new FirstKey(keys, new TransactionTemplate(transactions), environment, System.out);
    }

    private static Tokens tokens(AccessSettings.Jwt jwt) {
        if (jwt.issuer().isEmpty() && jwt.audience().isEmpty() && jwt.jwks().isEmpty()) {
            return Tokens.NONE;
        }
        if (jwt.issuer().isEmpty() || jwt.audience().isEmpty() || jwt.jwks().isEmpty()) {
            throw new UnusableProvider("config/application.yaml: syncline.access.jwt needs issuer, audience and jwks together. Write what is missing, or take"
                    + " all of them out to let in by keys only.");
        }
        if (!ProviderKeys.isAddress(jwt.jwks()) && !Files.isReadable(Path.of(jwt.jwks()))) {
            throw new UnusableProvider("config/application.yaml: syncline.access.jwt.jwks: there is no file " + jwt.jwks()
                    + " that can be read. Write the https address of the identity provider's keys, or a file that holds them.");
        }
        if (jwt.jwks().matches("(?i)http://.*") && !jwt.jwks().matches("(?i)http://(localhost|127\\.0\\.0\\.1|\\[::1])([:/].*)?")) {
            throw new UnusableProvider("config/application.yaml: syncline.access.jwt.jwks: " + jwt.jwks()
                    + " is not https, so whoever is in between could write keys of their own. Write its https address.");
        }
        return new SignedTokens(jwt, new ProviderKeys(jwt.jwks(), jwt.timeout()));
    }
}
