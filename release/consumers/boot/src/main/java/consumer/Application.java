package consumer;

import io.asyncbatcher.BatcherClient;
import io.asyncbatcher.spring.Batched;
import java.util.List;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.stereotype.Service;

@SpringBootApplication
public class Application {

    public static void main(String[] args) {
        SpringApplication.run(Application.class, args).close();
    }

    @Service
    static class Lengths {

        @Batched("lengths")
        List<Integer> lengths(List<String> words) {
            return words.stream().map(String::length).toList();
        }
    }

    @Bean
    CommandLineRunner runner(BatcherClient<String, Integer> lengths) {
        return args -> {
            List<Integer> results = lengths.processAll(List.of("a", "bb", "ccc")).join();
            if (!results.equals(List.of(1, 2, 3))) {
                throw new AssertionError("Wrong results: " + results);
            }
            System.out.println("Consumer passes: Spring Boot " + SpringBootVersion.getVersion());
        };
    }
}
