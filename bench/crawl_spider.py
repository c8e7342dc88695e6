"""What bench/crawl.sh has Scrapy do: the same as its source of piped does."""
import scrapy


class Shop(scrapy.Spider):
    name = "shop"

    def start_requests(self):
        yield scrapy.Request(self.url)

    def parse(self, response):
        yield {
            "id": response.css("article.product::attr(data-sku)").get(),
            "title": response.css("h1.product__title::text").get().strip(),
            "price": response.css(".product__price span.price::text").get(),
            "image": response.css(".product__gallery img.gallery__main::attr(src)").get(),
            "brand": response.xpath("//a[@itemprop='brand']/text()").get(),
            "status": response.css("span.stock::text").get(),
        }
        for link in response.css("a.product-link::attr(href)"):
            yield response.follow(link, self.parse)
