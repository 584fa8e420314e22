package io.asyncbatcher.docs

import io.asyncbatcher.AsyncBatcher
import io.asyncbatcher.BatchResults
import io.asyncbatcher.BatcherClient
import io.asyncbatcher.spring.Batched
import io.asyncbatcher.spring.BatchedBy
import io.asyncbatcher.spring.BatchedByFactory
import io.asyncbatcher.spring.boot.BatcherAutoConfiguration
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.future.await
import kotlinx.coroutines.future.future
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.assertj.core.api.Assertions.assertThat
import org.assertj.core.api.Assertions.assertThatExceptionOfType
import org.junit.jupiter.api.Test
import org.springframework.beans.factory.getBean
import org.springframework.boot.autoconfigure.AutoConfigurations
import org.springframework.boot.test.context.runner.ApplicationContextRunner
import org.springframework.context.ApplicationContext
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import org.springframework.stereotype.Service
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kotlin.time.Duration.Companion.seconds

data class Sku(
    val code: String,
)

data class Price(
    val sku: Sku,
    val cents: Long,
)

interface PriceRepository {
    fun findAllById(skus: Iterable<Sku>): List<Price>
}

interface PriceApi {
    suspend fun find(skus: List<Sku>): Map<Sku, Price>
}

@Service
class Prices(
    private val repository: PriceRepository,
) {
    @Batched("prices", resultKey = "sku")
    fun findAll(skus: List<Sku>): List<Price> = repository.findAllById(skus)
}

@Service
class Baskets(
    private val prices: BatcherClient<Sku, Price>,
) {
    suspend fun price(sku: Sku): Price = prices.process(sku).await()

    suspend fun total(skus: List<Sku>): Long = prices.processAll(skus).await().sumOf { it.cents }
}

@Service
class RemotePrices(
    private val api: PriceApi,
) {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)

    @Batched("remotePrices")
    fun findAll(skus: List<Sku>): CompletableFuture<Map<Sku, Price>> = scope.future { api.find(skus) }
}

interface PriceLookup {
    @BatchedBy("prices")
    fun find(sku: Sku): Price?
}

@Configuration(proxyBeanMethods = false)
class PriceLookups {
    @Bean
    fun priceLookup(factory: BatchedByFactory): PriceLookup = factory.create(PriceLookup::class.java)
}

@Service
class Answers {
    @Batched("answers")
    fun answer(
        prompts: List<String>,
        answers: BatchResults<String>,
    ) {
        prompts.forEachIndexed { i, prompt -> answers.success(i, "$prompt!") }
    }

    @Batched("lateAnswers")
    fun answerLater(
        prompts: List<String>,
        answers: BatchResults<String?>,
    ): CompletableFuture<Void> = CompletableFuture.runAsync { prompts.indices.forEach { answers.success(it, null) } }
}

/** The Kotlin in the documentation, run. */
class KotlinGuideTests {
    private val empty: ApplicationContextRunner =
        ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(BatcherAutoConfiguration::class.java))
            .withPropertyValues("batcher.max-queue-time=0")

    private val runner: ApplicationContextRunner =
        empty
            .withBean(PriceRepository::class.java, { KnownPrices })
            .withBean(Prices::class.java)
            .withBean(Baskets::class.java)

    private val lingering: ApplicationContextRunner = runner.withPropertyValues("batcher.max-queue-time=10m")

    private object KnownPrices : PriceRepository {
        override fun findAllById(skus: Iterable<Sku>): List<Price> {
            check(Sku("broken") !in skus) { "no prices today" }
            return skus
                .toSet()
                .filter { it.code != "unknown" }
                .map { Price(it, it.code.length.toLong()) }
                .reversed()
        }
    }

    private fun batcher(context: ApplicationContext): AsyncBatcher<*, *> =
        context.getBean("pricesBatcherClient", AsyncBatcher::class.java)

    @Test
    fun aCoroutineAwaitsItsResult() {
        runner.run { context ->
            val baskets = context.getBean<Baskets>()
            runBlocking {
                withTimeout(20.seconds) {
                    assertThat(baskets.price(Sku("abc"))).isEqualTo(Price(Sku("abc"), 3))
                    assertThat(baskets.total(listOf(Sku("a"), Sku("bc")))).isEqualTo(3)
                }
            }
        }
    }

    @Test
    @Suppress("UNCHECKED_CAST")
    fun resultsAreReportedAsTheyCome() {
        empty.withBean(Answers::class.java).run { context ->
            runBlocking {
                withTimeout(20.seconds) {
                    val answers = context.getBean("answersBatcherClient") as BatcherClient<String, String>
                    val late = context.getBean("lateAnswersBatcherClient") as BatcherClient<String, String?>
                    assertThat(answers.process("Hello").await()).isEqualTo("Hello!")
                    assertThat(late.process("Hello").await()).isNull()
                }
            }
        }
    }

    @Test
    fun coroutinesShareABatch() {
        lingering.withPropertyValues("batcher.max-batch-size=5").run { context ->
            val baskets = context.getBean<Baskets>()
            runBlocking {
                withTimeout(20.seconds) {
                    val prices = (1..5).map { async { baskets.price(Sku("$it")) } }.awaitAll()
                    assertThat(prices).extracting<String> { it.sku.code }.containsExactly("1", "2", "3", "4", "5")
                }
            }
        }
    }

    @Test
    fun cancellingACoroutineCancelsItsItems() {
        lingering.run { context ->
            val baskets = context.getBean<Baskets>()
            runBlocking {
                withTimeout(20.seconds) {
                    val one = launch(start = CoroutineStart.UNDISPATCHED) { baskets.price(Sku("a")) }
                    val many = launch(start = CoroutineStart.UNDISPATCHED) { baskets.total(listOf(Sku("b"), Sku("c"))) }
                    assertThat(batcher(context).snapshot().queued()).isEqualTo(3)
                    one.cancel()
                    one.join()
                    assertThat(batcher(context).snapshot().queued()).isEqualTo(2)
                    many.cancel()
                    many.join()
                    assertThat(batcher(context).snapshot().queued()).isZero()
                }
            }
        }
    }

    @Test
    fun whatTheProcessorThrewIsThrownByAwait() {
        runner.run { context ->
            assertThatExceptionOfType(IllegalStateException::class.java)
                .isThrownBy { runBlocking { context.getBean<Baskets>().price(Sku("broken")) } }
                .withMessage("no prices today")
        }
    }

    @Test
    fun aMethodMayStartCoroutinesAndReturnAFuture() {
        val api =
            object : PriceApi {
                override suspend fun find(skus: List<Sku>) = KnownPrices.findAllById(skus).associateBy { it.sku }
            }
        empty.withBean(PriceApi::class.java, { api }).withBean(RemotePrices::class.java).run { context ->
            @Suppress("UNCHECKED_CAST")
            val client = context.getBean("remotePricesBatcherClient") as BatcherClient<Sku, Price?>
            assertThat(client.process(Sku("ab")).get(20, TimeUnit.SECONDS)).isEqualTo(Price(Sku("ab"), 2))
            assertThat(client.process(Sku("unknown")).get(20, TimeUnit.SECONDS)).isNull()
        }
    }

    @Test
    fun callsOfAnInterfaceShareBatches() {
        runner.withUserConfiguration(PriceLookups::class.java).run { context ->
            val lookup = context.getBean<PriceLookup>()
            assertThat(lookup.find(Sku("abc"))).isEqualTo(Price(Sku("abc"), 3))
            assertThat(lookup.find(Sku("unknown"))).isNull()
        }
    }

    open class OpenLookup {
        @BatchedBy("prices")
        open fun find(sku: Sku): Price = error("not through the proxy, but with ${sku.code}")
    }

    @Test
    fun callsOfAnOpenClassShareBatches() {
        runner.withBean(OpenLookup::class.java).run { context ->
            assertThat(context.getBean<OpenLookup>().find(Sku("abc"))).isEqualTo(Price(Sku("abc"), 3))
        }
    }

    class SuspendingPrices {
        @Batched("suspending")
        suspend fun findAll(skus: List<Sku>): List<Price> = skus.map { Price(it, 0) }
    }

    @Test
    fun aSuspendFunctionCannotTakeBatches() {
        runner.withBean(SuspendingPrices::class.java).run { context ->
            assertThat(context).failure.hasMessage(
                "The method ${SuspendingPrices::class.java.name}.findAll(List, Continuation) can't be @Batched:" +
                    " it is a suspend function. Make it a plain one that blocks, or return a CompletableFuture, as of" +
                    " CoroutineScope.future.",
            )
        }
    }

    interface SuspendingLookup {
        @BatchedBy("prices")
        suspend fun find(sku: Sku): Price
    }

    @Configuration(proxyBeanMethods = false)
    class SuspendingLookups {
        @Bean
        fun suspendingLookup(factory: BatchedByFactory): SuspendingLookup = factory.create(SuspendingLookup::class.java)
    }

    @Test
    fun aSuspendFunctionCannotBeACaller() {
        runner.withUserConfiguration(SuspendingLookups::class.java).run { context ->
            assertThat(context).failure.hasMessage(
                "The method ${SuspendingLookup::class.java.name}.find(Sku, Continuation) can't be" +
                    " @BatchedBy(\"prices\"): it is a suspend function. Inject the batcher's BatcherClient," +
                    " and await() the future that its process method returns.",
            )
        }
    }
}
