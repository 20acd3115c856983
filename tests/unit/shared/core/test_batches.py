from functions.shared.core.batches import batches


def test_items_keep_their_order_and_no_batch_is_empty() -> None:
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batches(iter("abcd"), 2)) == [["a", "b"], ["c", "d"]]
    assert list(batches([], 2)) == []
