"""The disk queue of Scrapy's scheduler, filled and asked as frontier_bench does ours.

Usage: frontier_scrapy.py FOLDER HOSTS TURNS SIZE
Prints a line: requests, hosts, MB on disk, microseconds of CPU per request given, peak MB.
"""
import os
import resource
import subprocess
import sys
import time

from scrapy import Request, Spider
from scrapy.pqueues import ScrapyPriorityQueue
from scrapy.squeues import PickleFifoDiskQueue
from scrapy.utils.test import get_crawler


def main():
    folder, hosts, turns, size = sys.argv[1], *map(int, sys.argv[2:5])
    queue = os.path.join(folder, "requests.queue")
    # memory counts from here on: the queue is filled by a process of its own
    if os.fork() == 0:
        crawler = get_crawler(Spider)
        crawler.spider = crawler._create_spider("bench")
        q = ScrapyPriorityQueue.from_crawler(crawler, PickleFifoDiskQueue, queue)
        for i in range(size):
            h = i % hosts
            q.push(
                Request(
                    f"https://h{h:06d}.example/products/item-{i:09d}",
                    priority=-(3 if i % 10 == 0 else 5),
                    dont_filter=True,
                )
            )
        with open(os.path.join(folder, "priorities"), "w") as f:
            f.write(" ".join(str(p) for p in q.close()))
        os._exit(0)
    if os.wait()[1]:
        sys.exit(1)
    crawler = get_crawler(Spider)
    crawler.spider = crawler._create_spider("bench")
    with open(os.path.join(folder, "priorities")) as f:
        startprios = [int(p) for p in f.read().split()]
    start = time.process_time()
    q = ScrapyPriorityQueue.from_crawler(crawler, PickleFifoDiskQueue, queue, startprios)
    for _ in range(min(turns, size // 2)):
        assert q.pop() is not None
    took = time.process_time() - start
    q.close()
    used = int(subprocess.check_output(["du", "-sk", folder]).split()[0]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{size:9d} {hosts:7d} {used:6.0f} {took * 1e6 / min(turns, size // 2):8.1f}"
        f" {'':8s} {'':8s} {'':9s} {'':9s} {'':8s} {peak:7d}   Scrapy's disk queue"
    )


main()
