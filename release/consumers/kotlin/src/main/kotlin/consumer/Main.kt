package consumer

import io.asyncbatcher.AsyncBatcher

fun main() {
    val lengths = AsyncBatcher.builder<String, Int> { batch -> batch.map { it.length } }.name("lengths").build()
    lengths.use {
        val results = it.processAll(listOf("a", "bb", "ccc")).join()
        check(results == listOf(1, 2, 3)) { "Wrong results: $results" }
    }
    println("Consumer passes: Kotlin ${KotlinVersion.CURRENT}")
}
