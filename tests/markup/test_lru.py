"""The bounded store: what goes first, what is counted, and that threads cannot spoil the sum."""

import random
from threading import Thread

from markup.lru import LRU, one


def test_what_was_used_longest_ago_goes_first():
    store = LRU(most=3, size=one)
    for key in "abc":
        store.put(key, key.upper())
    assert store.get("a") == "A"
    store.put("d", "D")
    assert (store.keys(), store.get("b")) == (["c", "a", "d"], None)


def test_a_value_that_has_grown_is_measured_anew():
    store, grown = LRU(most=100), [1] * 10
    store.put("a", "x" * 20)
    store.put("b", grown)
    grown.extend([1] * 75)
    assert store.size == 30
    store.put("b", grown)
    assert (store.keys(), store.size) == (["b"], 85)


def test_a_value_larger_than_all_room_stays_until_the_next_comes():
    store = LRU(most=10)
    store.put("small", "x")
    store.put("large", "x" * 50)
    assert (store.keys(), store.size) == (["large"], 50)
    store.put("small", "x")
    assert (store.keys(), store.size) == (["small"], 1)


def test_what_is_dropped_or_cleared_no_longer_counts():
    store = LRU(most=10)
    for key in "ab":
        store.put(key, "xxx")
    store.drop("a")
    store.drop("never there")
    assert (len(store), store.size) == (1, 3)
    store.clear()
    assert (len(store), store.size, store.get("b")) == (0, 0, None)


def test_threads_leave_the_sum_right_and_the_bound_kept():
    store = LRU(most=500)

    def work(seed):
        chance = random.Random(seed)
        for _ in range(3000):
            key = chance.randrange(60)
            chance.choice(
                [store.drop, store.get, lambda key: store.get_or_make(key, lambda: "x" * (key + 1)), lambda key: store.put(key, "x" * 20)]
            )(key)

    threads = [Thread(target=work, args=(seed,)) for seed in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keys = store.keys()
    assert store.size == sum(len(store.get(key)) for key in keys)
    assert store.size <= 500
