package io.syncline.store;

import com.zaxxer.hikari.HikariDataSource;

import java.nio.file.Path;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Where the product's data lives: in the PostgreSQL at {@code syncline.database.url} (environment: {@code SYNCLINE_DATABASE_URL}, with {@code …_USER} and
 * {@code …_PASSWORD}), or else in an embedded one under {@code syncline.data-directory}, by default {@code ./data}.
 */
@Configuration(proxyBeanMethods = false)
class DatabaseConfiguration {
    private static final String EXTERNAL = "syncline.database.url";
    /** Mistakes in {@code config/} are told before anything is unpacked, started or asked. */
    private static final String CHECKED = "configuration";

    @Bean(destroyMethod = "close")
    @Conditional(NoDatabaseGiven.class)
    @DependsOn(CHECKED)
    EmbeddedDatabase embeddedDatabase(Environment environment) {
        return new EmbeddedDatabase(Path.of(environment.getProperty("syncline.data-directory", "data")), environment.getProperty("syncline.database.port",
                Integer.class, 15432));
    }

    @Bean(destroyMethod = "close")
    @ConfigurationProperties("spring.datasource.hikari")
    @DependsOn(CHECKED)
    HikariDataSource dataSource(Environment environment, ObjectProvider<EmbeddedDatabase> embedded) {
        HikariDataSource pool = new HikariDataSource();
        EmbeddedDatabase own = embedded.getIfAvailable();
        if (own != null) {
            pool.setJdbcUrl(own.url());
            pool.setUsername(OwnersPassword.USER);
            pool.setPassword(own.password());
        } else {
            ExternalDatabase external = ExternalDatabase.of(given(environment),
                    environment.getProperty("syncline.database.user"), environment.getProperty("syncline.database.password"));
            external.check();
            pool.setJdbcUrl(external.url());
            pool.setUsername(external.user());
            pool.setPassword(external.password());
        }
        return pool;
    }

    @Bean
    TransactionTemplate transactionTemplate(PlatformTransactionManager transactions) {
        return new TransactionTemplate(transactions);
    }

    /** The address that the operator gave, or nothing. */
    static String given(Environment environment) {
        return environment.getProperty(EXTERNAL, environment.getProperty("spring.datasource.url", ""));
    }

    static final class NoDatabaseGiven implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return given(context.getEnvironment()).isEmpty();
        }
    }
}
