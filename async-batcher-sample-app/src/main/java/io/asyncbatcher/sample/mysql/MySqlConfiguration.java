package io.asyncbatcher.sample.mysql;

import com.zaxxer.hikari.HikariDataSource;
import io.asyncbatcher.sample.ItemRejectedException;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.DataSourceInitializer;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/**
 * The database of the orders. Its beans are no default candidates: Spring Boot goes on to set up {@code
 * spring.datasource} for whoever asks for just a data source, and only who names these gets them.
 */
@Configuration(proxyBeanMethods = false)
@Profile("mysql")
class MySqlConfiguration {

    @Bean(defaultCandidate = false)
    @ConfigurationProperties("sample.mysql")
    HikariDataSource mysqlDataSource() {
        return new HikariDataSource();
    }

    @Bean(defaultCandidate = false)
    DataSourceInitializer mysqlSchema(@Qualifier("mysqlDataSource") DataSource dataSource) {
        DataSourceInitializer schema = new DataSourceInitializer();
        schema.setDataSource(dataSource);
        schema.setDatabasePopulator(new ResourceDatabasePopulator(new ClassPathResource("mysql-schema.sql")));
        return schema;
    }

    /** Only an order can be at fault; a lost connection would fail each half again. */
    @Bean
    Predicate<Throwable> rejectedOrders() {
        return ItemRejectedException.class::isInstance;
    }
}
